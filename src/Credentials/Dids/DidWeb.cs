using System.Globalization;
using System.Text.RegularExpressions;

namespace Credentials.Dids;

/// <summary>did:web: an identifier whose document stands at an https URL of its host.</summary>
public static partial class DidWeb
{
    /// <summary>Where the document of a DID stands.</summary>
    /// <param name="did">The DID: a host name in lower case, no address, with an optional port as <c>%3A8443</c>, and path segments without escapes.</param>
    /// <param name="allowLoopbackHttp">Whether the host <c>localhost</c> is asked in plain http, for development.</param>
    /// <exception cref="MalformedDataException"><c>did.malformed</c>.</exception>
    public static Uri LocationOf(string did, bool allowLoopbackHttp = false)
    {
        ArgumentNullException.ThrowIfNull(did);
        if (DidSyntax.Specific(did, "web") is not { } specific) throw Malformed();
        var parts = specific.Split(':');
        var host = Host().Match(parts[0]);
        // One host has one spelling, so that one controller has one identifier. The last label of an address is a number.
        if (!host.Success || host.Groups["name"].Length > 253 || LooksLikeAddress(host.Groups["name"].Value)) throw Malformed();
        if (!parts.Skip(1).All(segment => Segment().IsMatch(segment) && segment is not ("." or ".."))) throw Malformed();

        var (name, port) = (host.Groups["name"].Value, host.Groups["port"].Value);
        if (port.Length > 0 && int.Parse(port, CultureInfo.InvariantCulture) is 0 or > ushort.MaxValue) throw Malformed();
        var scheme = allowLoopbackHttp && name == "localhost" ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var authority = port.Length > 0 ? $"{name}:{port}" : name;
        var path = parts.Length == 1 ? ".well-known" : string.Join('/', parts.Skip(1));
        return new Uri($"{scheme}://{authority}/{path}/did.json");
    }

    /// <summary>The DID whose document stands below a URL; null where did:web has no name for it: an address, or a path with escapes.</summary>
    /// <param name="url">The URL without <c>did.json</c> and <c>.well-known</c>.</param>
    public static string? Find(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var host = url.IsDefaultPort ? url.IdnHost : $"{url.IdnHost}%3A{url.Port}";
        var path = url.AbsolutePath.Trim('/');
        var did = $"did:web:{host}{(path.Length > 0 ? ":" + path.Replace('/', ':') : "")}";
        try
        {
            LocationOf(did);
            return did;
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static bool LooksLikeAddress(string name)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        return last.All(char.IsAsciiDigit) || last.StartsWith("0x", StringComparison.Ordinal);
    }

    private static MalformedDataException Malformed() => DidSyntax.Malformed("Not a did:web: a host in lower case, an optional port, and plain path segments.");

    [GeneratedRegex(@"\A(?<name>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)(?:%3A(?<port>[1-9][0-9]{0,4}))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Segment();
}
