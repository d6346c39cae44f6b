"""What passes between a PostgreSQL client and its server, as far as a drill needs to know it: where a commit is."""

from dataclasses import dataclass, field


@dataclass
class ClientStream:
    """The messages of one client, cut out of its bytes (PostgreSQL documentation, 55.7).

    A client that is told nothing about encryption begins with a start message without a type.
    """

    #: Statements that write, recognised by a piece of their text.
    marks: tuple[str, ...]
    rest: bytes = b""
    has_begun: bool = False
    #: Names of prepared statements that carry a mark.
    marked: set[str] = field(default_factory=set)
    #: A marked statement was bound since the last Sync.
    is_writing: bool = False

    def take(self, data: bytes) -> list[tuple[bytes, bool]]:
        """Whole messages, each with whether it is a Sync that commits a marked statement."""
        self.rest += data
        taken = []
        while (length := self.length()) is not None and len(self.rest) >= length:
            message, self.rest = self.rest[:length], self.rest[length:]
            taken.append((message, self.commits(message)))
        return taken

    def length(self) -> int | None:
        begins = 1 if self.has_begun else 0
        if len(self.rest) < begins + 4:
            return None
        return begins + int.from_bytes(self.rest[begins : begins + 4], "big")

    def commits(self, message: bytes) -> bool:
        if not self.has_begun:
            # A question about encryption (two numbers in its code) is answered and followed by the start message.
            self.has_begun = int.from_bytes(message[4:8], "big") not in (80877103, 80877104)
            return False
        kind, body = message[:1], message[5:]
        if kind == b"P":
            name, text = body.split(b"\0", 2)[:2]
            if any(mark in text.decode(errors="replace").lower() for mark in self.marks):
                self.marked.add(name.decode())
            else:
                self.marked.discard(name.decode())
        elif kind == b"B":
            self.is_writing = self.is_writing or body.split(b"\0", 2)[1].decode() in self.marked
        elif kind == b"S":
            is_commit, self.is_writing = self.is_writing, False
            return is_commit
        return False


@dataclass
class ServerStream:
    """Counts how often a server said that it is ready for the next query."""

    rest: bytes = b""
    ready: int = 0

    def take(self, data: bytes) -> None:
        self.rest += data
        while len(self.rest) >= 5 and len(self.rest) > (length := int.from_bytes(self.rest[1:5], "big")):
            self.ready += self.rest[:1] == b"Z"
            self.rest = self.rest[1 + length :]


#: A booking commits with the Sync behind its function, a transaction with the one behind COMMIT.
COMMITS = ("bookings.reserve(", "commit")
