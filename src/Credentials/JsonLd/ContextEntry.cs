namespace Credentials.JsonLd;

/// <summary>An entry of a context that may be absent, null or text, which are three different things.</summary>
internal readonly record struct ContextEntry(bool IsSet, string? Value)
{
    public static ContextEntry Of(string? value) => new(true, value);
}
