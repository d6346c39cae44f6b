import Foundation

/// Which parser this process feeds: `PLATEAU_PARSER`, else the first.
private let chosen = Parser(rawValue: ProcessInfo.processInfo.environment["PLATEAU_PARSER"] ?? "") ?? .json

/// The program's entry, under the name that SwiftPM gives it: libFuzzer makes up inputs until its time is over.
///
/// A parser that traps, or an answer that contradicts itself, ends the process; libFuzzer then keeps the input.
@_cdecl("Fuzzing_main")
func fuzz(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    var (count, arguments) = (count, arguments)
    return runDriver(&count, &arguments, testOneInput)
}

/// One input; the name is the one that libFuzzer's library asks for.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// libFuzzer's own loop, for programs that have an entry (FuzzerDriver.cpp).
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
