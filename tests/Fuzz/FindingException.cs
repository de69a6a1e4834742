namespace Credentials.Fuzz.Tests;

/// <summary>A parser did what none may do.</summary>
internal sealed class FindingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The same for two inputs that show the same fault, as far as a machine can tell.</summary>
    public string Signature => InnerException is { } inner
        ? $"{inner.GetType().Name} at {inner.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Credentials.", StringComparison.Ordinal))?.Trim()}"
        : new string([.. Message.Where(c => !char.IsAsciiDigit(c))]);
}
