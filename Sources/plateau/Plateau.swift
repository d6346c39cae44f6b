import ArgumentParser

@main
struct Plateau: AsyncParsableCommand {}
