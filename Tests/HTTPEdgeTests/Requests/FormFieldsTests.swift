import HTTPEdge
import Testing

struct FormFieldsTests {
    @Test(arguments: [
        ("a=1", "1"), ("a=1+2", "1 2"), ("a=1%2B2", "1+2"), ("a=%C3%A9t%C3%A9", "été"), ("b=2&a=1", "1"), ("a= 1 ", "1"), ("a=1=2", "1=2"),
        ("%61=1", "1"), ("a=1&a=2", "1"),
    ])
    func `a field is read as the form wrote it`(query: String, value: String) {
        #expect(FormFields(query: query)["a"] == value)
    }

    @Test(arguments: [nil, "", "a", "a=", "a=%20", "a=%zz", "a=%C3", "b=1", "&&&", "=1"])
    func `what is not filled in, or not readable, is not there`(query: String?) {
        #expect(FormFields(query: query)["a"] == nil)
    }

    @Test
    func `every value of a name that is there twice can be had`() {
        #expect(FormFields(query: "a=1&b=2&a=3").all("a") == ["1", "3"])
        #expect(FormFields(query: "a=1&b=2&a=3").names == ["a", "b"])
    }

    @Test(arguments: ["a b&c=d", "é", "/x?y=1#z", "~-._", "\u{1F600}"])
    func `what is encoded is read back`(text: String) {
        #expect(FormFields(query: "a=\(PercentEncoding.encode(text))")["a"] == text)
        #expect(!PercentEncoding.encode(text).contains { "&=?#/ ".contains($0) })
    }
}
