@main
struct SQLEmbedder { static func main() {} }
