using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>The parameters of an OAuth request (RFC 6749 §3.1, §3.2): none twice, and one without a value counts as left out.</summary>
internal sealed class FormParameters
{
    private const int MaxValueLength = 4096;

    private readonly IReadOnlyDictionary<string, string> _values;
    private readonly string _code;

    private FormParameters(IReadOnlyDictionary<string, string> values, string code)
    {
        _values = values;
        _code = code;
    }

    /// <exception cref="ProtocolException"><c>invalid_request</c>: not a well-formed form.</exception>
    internal static FormParameters Parse(ReadOnlyMemory<byte> body, string code)
    {
        try
        {
            return new FormParameters(StrictForm.Parse(body.Span, code), code);
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(code, OpenId4VciNames.InvalidRequest, e.Message, 400);
        }
    }

    /// <summary>The names in a space-separated scope, each once (RFC 6749 §3.3).</summary>
    internal static IReadOnlyList<string> ReadScopes(string? scope) =>
        scope is null ? [] : [.. scope.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    internal string? Value(string name)
    {
        if (_values.GetValueOrDefault(name) is not { Length: > 0 } value) return null;
        return value.Length <= MaxValueLength || name == "authorization_details"
            ? value
            : throw Invalid($"'{name}' is too long.");
    }

    internal string Require(string name) => Value(name) ?? throw Invalid($"'{name}' is missing.");

    private ProtocolException Invalid(string message) => new(_code, OpenId4VciNames.InvalidRequest, message, 400);
}
