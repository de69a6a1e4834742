using System.Text.RegularExpressions;

namespace Credentials.Dids;

/// <summary>How identifiers are written (DID Core §3.1, §3.2; Controlled Identifiers §2.1.1).</summary>
internal static partial class DidSyntax
{
    /// <summary>Longest identifier in characters.</summary>
    public const int MaxLength = 2048;

    /// <summary>True for a DID alone, without path, query and fragment.</summary>
    public static bool IsDid(string text) => text.Length <= MaxLength && Did().IsMatch(text);

    /// <summary>The method-specific identifier of a DID of this method; null for any other text.</summary>
    public static string? Specific(string text, string method) =>
        text.StartsWith($"did:{method}:", StringComparison.Ordinal) && IsDid(text) ? text[$"did:{method}:".Length..] : null;

    /// <summary>The identifier in front of the fragment of a verification method's identifier.</summary>
    /// <exception cref="MalformedDataException"><c>did.malformed</c>: too long, or without a fragment.</exception>
    public static string IdentifierOf(string verificationMethod)
    {
        var hash = verificationMethod.IndexOf('#', StringComparison.Ordinal);
        return verificationMethod.Length <= 2 * MaxLength && hash > 0 && hash < verificationMethod.Length - 1
            ? verificationMethod[..hash]
            : throw Malformed("A verification method is named by an absolute URL with a fragment.");
    }

    public static MalformedDataException Malformed(string message) => new(DidCodes.Malformed, message);

    [GeneratedRegex(@"\Adid:[a-z0-9]+:(?:[A-Za-z0-9._:-]|%[0-9A-Fa-f]{2})*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Did();
}
