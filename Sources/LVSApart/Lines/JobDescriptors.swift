/// The descriptors by which a process of a job has what it talks by, in the order in which it gets them.
enum JobDescriptors {
  /// The assignment.
  static let assignment: Int32 = 3
  /// Keys, to be read.
  static let keys: Int32 = 4
  /// The program's stdout, to be written.
  static let output: Int32 = 5
  /// The program's stderr.
  static let errors: Int32 = 6
  /// Reports.
  static let report: Int32 = 7

  static let all = [assignment, keys, output, errors, report]
}
