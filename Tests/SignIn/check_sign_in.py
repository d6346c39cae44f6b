#!/usr/bin/env python3
"""People sign in through a provider of others, and out again; whatever the provider or a browser does wrong opens nothing."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

import httpx

from provider import Provider, now

NETWORK_NUMBER = "1999000348"
PASSWORD = "quatre grands tours"
PEOPLE = {
    "account-1": {"name": "Marie Dupont", "email": "Marie@example.org", "email_verified": True},
    "account-2": {"name": "Jean Martin", "email": "jean@example.org", "email_verified": False},
    "account-3": {"name": "Eve", "email": "eve@example.org", "email_verified": True},
}


class Service:
    """The program with a private database of its own."""

    def __init__(self, program: str, state: str, environment: dict[str, str]):
        self.program, self.state, self.environment = program, state, environment

    def run(self, *arguments: str, given: str | None = None) -> str:
        done = subprocess.run(
            [self.program, *arguments], env=self.variables(), input=given, text=True, capture_output=True, timeout=120, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def variables(self, more: dict[str, str] | None = None) -> dict[str, str]:
        return {**os.environ, "PLATEAU_POSTGRES_STATE_DIRECTORY": f"{self.state}/state", "PLATEAU_LOG_LEVEL": "warning",
                **self.environment, **(more or {})}

    @contextlib.contextmanager
    def serving(self, port: int, more: dict[str, str] | None = None):
        log = open(f"{self.state}/log", "w+", encoding="utf-8")
        process = subprocess.Popen([self.program, "serve", "--port", str(port)], env=self.variables(more), stderr=log)
        try:
            for _ in range(600):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                        break
                assert process.poll() is None, open(f"{self.state}/log", encoding="utf-8").read()
                time.sleep(0.1)
            yield log
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def browser(port: int) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, headers={"Accept": "text/html", "Accept-Language": "en"})


def go(client: httpx.Client) -> str:
    """Follows the link of the sign-in page; where it leads."""
    page = client.get("/sign-in?back=/bookings")
    assert "Continue with Compte d’essai" in page.text, page.text
    sent = client.get("/sign-in/provider?back=/bookings")
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def approve(question: str, account: str) -> str:
    """At the provider, as a person; where it sends the browser back."""
    shown = httpx.get(question)
    assert shown.status_code == 200, shown.text
    answer = httpx.post(question, data={"sub": account})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def sign_in(client: httpx.Client, account: str = "account-1") -> httpx.Response:
    return client.get(approve(go(client), account))


class Checks:
    def __init__(self):
        self.failed = 0

    def expect(self, name: str, holds: bool, shown: object = ""):
        print(f"{'ok     ' if holds else 'FAILED '} {name}{'' if holds else f': {shown}'}")
        self.failed += not holds

    def refused(self, name: str, client: httpx.Client, answer: httpx.Response, status: int, said: str):
        self.expect(name, answer.status_code == status and said in answer.text, f"{answer.status_code} {answer.text[:3000]}")
        self.expect(f"{name}: nobody is signed in", client.get("/bookings").status_code == 303)


def check_provider(port: int, provider: Provider, checks: Checks):
    client = browser(port)
    answer = sign_in(client)
    checks.expect("a registered person signs in", (answer.status_code, answer.headers.get("location")) == (303, "/bookings"), answer.text)
    checks.expect("under their name", "Marie Dupont · Réseau d’essai" in client.get("/").text)
    question = provider.questions[-1]
    checks.expect("the question has what it must", question.get("code_challenge_method") == "S256" and question.get("state")
                  and question.get("nonce") and question.get("scope") == "openid profile email", question)
    for name, account, said in [
        ("an address that was not verified", "account-2", "has not verified the address jean@example.org"),
        ("an account that nobody registered", "account-3", "The account eve@example.org is not registered here"),
    ]:
        other = browser(port)
        checks.refused(name, other, sign_in(other, account), 403, said)
    check_answers(port, checks)
    check_tokens(port, provider, checks)
    check_keys(port, provider, checks)
    check_leaving(client, provider, checks)


def check_answers(port: int, checks: Checks):
    """What a browser brings back, wrong."""
    client = browser(port)
    back = approve(go(client), "account-1")
    checks.refused("a wrong state", client, client.get(back.replace("state=", "state=x")), 422, "belongs to no sign-in")
    thief = browser(port)
    checks.refused("another browser", thief, thief.get(back), 422, "belongs to no sign-in")
    cookies = dict(client.cookies)
    checks.expect("the right one still counts", client.get(back).status_code == 303)
    again = browser(port)
    again.cookies.update(cookies)
    checks.refused("an answer used twice", again, again.get(back), 422, "was used already")
    other = browser(port)
    fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(go(other)).query))["state"]
    answer = other.get("/sign-in/callback", params={"code": fields["code"], "state": state})
    checks.refused("a code replayed with a state of its own", other, answer, 422, "could not be accepted")


def check_tokens(port: int, provider: Provider, checks: Checks):
    """What the provider signs, wrong."""
    for name, claims in [
        ("a wrong nonce", {"nonce": "another"}), ("no nonce", {"nonce": None}), ("a token that has expired", {"exp": now() - 61}),
        ("a wrong audience", {"aud": ["another"]}), ("a wrong issuer", {"iss": "https://another.example"}),
        ("a token from the future", {"iat": now() + 600}),
    ]:
        provider.claims = claims
        client = browser(port)
        checks.refused(name, client, sign_in(client), 422, "could not be accepted")
    provider.claims = {"exp": now() - 30}
    checks.expect("clocks may differ by a minute", sign_in(browser(port)).status_code == 303)
    provider.claims = {}


def check_keys(port: int, provider: Provider, checks: Checks):
    asked = provider.keys_asked
    provider.signs_with_unknown_key = True
    client = browser(port)
    checks.refused("a key that is not published", client, sign_in(client), 422, "could not be accepted")
    checks.expect("keys were fetched once more", provider.keys_asked == asked + 1, provider.keys_asked - asked)
    provider.signs_with_unknown_key = False
    provider.change_keys()
    checks.expect("changed keys are found", sign_in(browser(port)).status_code == 303)
    client = browser(port)
    back = approve(go(client), "account-1")
    provider.stop()
    checks.refused("a provider that went away", client, client.get(back), 503, "does not answer")
    provider.start()
    checks.expect("and came back", sign_in(client).status_code == 303)


def check_leaving(client: httpx.Client, provider: Provider, checks: Checks):
    token = client.get("/bookings").text.split('name="formToken" value="')[1].split('"')[0]
    thief = httpx.Client(base_url=client.base_url, timeout=60, cookies=dict(client.cookies))
    client.post("/sign-out", data={"formToken": token})
    checks.expect("signing out ends the session, wherever its cookie is", thief.get("/bookings").status_code == 303)
    sign_in(client)
    checks.expect("and the provider is to ask anew", provider.questions[-1].get("prompt") == "login", provider.questions[-1])


def check_password(port: int, checks: Checks):
    client = browser(port)
    for name, email, password, status in [
        ("a wrong password", "marie@example.org", "trois petits tours", 422), ("an unknown person", "x@example.org", PASSWORD, 422),
        ("the right password", "Marie@example.org", PASSWORD, 303),
    ]:
        mark = client.get("/sign-in").text.split('name="formToken" value="')[1].split('"')[0]
        answer = client.post("/sign-in/password", data={"formToken": mark, "email": email, "password": password})
        checks.expect(name, answer.status_code == status, answer.text[:2000])
    checks.expect("signs in", client.get("/bookings").status_code == 200)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", default=".build/debug/plateau")
    program = os.path.abspath(parser.parse_args().program)
    checks = Checks()
    provider = Provider(PEOPLE)
    port = free_port()
    openid = {
        "PLATEAU_OPENID_ISSUER": provider.issuer, "PLATEAU_OPENID_CLIENT_ID": "plateau", "PLATEAU_OPENID_CLIENT_SECRET": "essai",
        "PLATEAU_OPENID_LABEL": "Compte d’essai", "PLATEAU_HTTP_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    with tempfile.TemporaryDirectory(prefix="plateau-sign-in-") as state:
        # Read by the account that PostgreSQL runs as.
        os.chmod(state, 0o711)
        # The checks ask more in a minute than an address may.
        service = Service(program, state, {"PLATEAU_LIMITS_REQUESTS_PER_ADDRESS": "0"})
        service.run("migrate")
        service.run("create-key", "--network", "Réseau d’essai", "--enterprise-number", NETWORK_NUMBER)
        for name, email in [("Marie Dupont", "marie@example.org"), ("Jean Martin", "jean@example.org")]:
            service.run("add-person", "--email", email, "--name", name, "--role", "booker")
        with service.serving(port, openid) as log:
            check_provider(port, provider, checks)
            log.seek(0)
            said = log.read()
            checks.expect("the log says what was wrong", "nonceWrong" in said and "keyUnknown" in said and "unreachable" in said, said)
            checks.expect("and no secret", "essai\"" not in said and "id_token" not in said and "code=" not in said)
        service.run("set-password", "--email", "marie@example.org", given=PASSWORD + "\n")
        with service.serving(port):
            check_password(port, checks)
        service.run("remove-person", "--email", "marie@example.org")
    print(f"{'nothing' if not checks.failed else checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
