using System.Globalization;

namespace Credentials.Issuer.Agency;

/// <summary>What the listings share.</summary>
internal static class Paging
{
    /// <summary>The number of the last row the caller has; 0 without one.</summary>
    internal static long After(HttpRequest request)
    {
        var text = request.Query["after"];
        if (text.Count == 0)
            return 0;
        return text.Count == 1 && long.TryParse(text[0], NumberStyles.None, CultureInfo.InvariantCulture, out var after)
            ? after
            : throw new MalformedDataException(IssuerCodes.Request, "'after' is not a number of a row.");
    }

    /// <summary>One query parameter; null when absent.</summary>
    internal static string? One(HttpRequest request, string name)
    {
        var values = request.Query[name];
        return values.Count switch
        {
            0 => null,
            1 when values[0] is { Length: > 0 and <= 200 } value && !value.Contains('\0') => value,
            _ => throw new MalformedDataException(IssuerCodes.Request, $"'{name}' comes twice, is empty or too long."),
        };
    }

    internal static string Time(long unixMilliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
