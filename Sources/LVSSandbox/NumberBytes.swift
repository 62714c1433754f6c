/// The bytes of a number as this machine keeps them.
func bytes<Number: FixedWidthInteger>(of number: Number) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
