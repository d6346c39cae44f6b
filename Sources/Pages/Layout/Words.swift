import HTTPEdge
import Mustache

/// The page's own words: `{{t.bookings_title}}` is the text `page.bookings.title` in the reader's language.
struct Words: MustacheParent {
    let speaker: Speaker

    func child(named name: String) -> Any? {
        speaker.say(TextKey(rawValue: "page.\(name.replacing("_", with: "."))"))
    }
}
