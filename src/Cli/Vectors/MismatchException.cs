namespace Credentials.Cli.Vectors;

/// <summary>A scenario did not come out as it says; the message says what differed.</summary>
internal sealed class MismatchException(string message) : Exception(message);
