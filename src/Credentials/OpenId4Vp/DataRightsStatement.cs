using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>
/// Where holders turn to about the data they have shown: to have it deleted, or to complain. OpenID4VP 1.0 has no parameter for that, so
/// it travels as <see cref="PurposeStatement"/> does: an entry of <c>verifier_info</c> (§5.11) in a format of our own, protected by the
/// signature of the request and vouched for by nobody else. <c>spec/profile/data-rights.md</c> describes it.
/// </summary>
/// <param name="SupportUris">How a person reaches the verifier, the preferred way first: <c>mailto:</c> with one address and nothing else, or <c>https:</c>.</param>
/// <param name="DeletionEndpoint">Where a wallet posts a deletion request; null where the verifier takes none by machine.</param>
/// <param name="AuthorityUris">How a person reaches the authority that watches over the verifier; of the same kinds.</param>
public sealed record DataRightsStatement(IReadOnlyList<Uri> SupportUris, Uri? DeletionEndpoint, IReadOnlyList<Uri> AuthorityUris)
{
    /// <summary>The <c>format</c> of the entry.</summary>
    public const string Format = "urn:credentials:data-rights:1";

    private const string Support = "support_uri";
    private const string Endpoint = "deletion_endpoint";
    private const string Authority = "supervisory_authority_uri";
    private const string Code = OpenId4VpCodes.RequestMalformed;
    private const int MaxUris = 5;
    private const int MaxAddress = 254;

    /// <summary>
    /// The first statement of a request; null if it has none. A URI in it that cannot be used is left out: it is no reason to refuse
    /// the request, and no reason to open whatever it names.
    /// </summary>
    /// <param name="allowLoopbackHttp">Whether plain http to this machine is allowed.</param>
    public static DataRightsStatement? Find(IEnumerable<VerifierInfo> infos, bool allowLoopbackHttp) =>
        infos.FirstOrDefault(info => info.Format == Format)?.UnverifiedData is { ValueKind: JsonValueKind.Object } data
            ? new DataRightsStatement(
                Uris(data, Support, allowLoopbackHttp),
                Texts(data, Endpoint).Select(text => Web(text, allowLoopbackHttp)).FirstOrDefault(),
                Uris(data, Authority, allowLoopbackHttp))
            : null;

    /// <summary>
    /// A URI that a person may be sent to: <c>https:</c>, or <c>mailto:</c> with exactly one plain address (RFC 6068). A subject, a text,
    /// further recipients or header fields are the wallet's to write, not the verifier's. Null for anything else.
    /// </summary>
    public static Uri? ContactUri(string text, bool allowLoopbackHttp)
    {
        const string mailto = "mailto:";
        if (!text.StartsWith(mailto, StringComparison.OrdinalIgnoreCase)) return Web(text, allowLoopbackHttp);
        var address = text.AsSpan(mailto.Length);
        var at = address.IndexOf('@');
        return address.Length <= MaxAddress && at > 0 && at < address.Length - 1 && address[(at + 1)..].IndexOf('@') < 0 && IsPlain(address)
            && Uri.TryCreate(mailto + address.ToString(), UriKind.Absolute, out var uri)
                ? uri
                : null;
    }

    /// <summary>The entry for a request.</summary>
    public VerifierInfo ToVerifierInfo()
    {
        var data = new JsonObject();
        if (SupportUris.Count > 0) data[Support] = Array(SupportUris);
        if (DeletionEndpoint is not null) data[Endpoint] = DeletionEndpoint.OriginalString;
        if (AuthorityUris.Count > 0) data[Authority] = Array(AuthorityUris);
        return new VerifierInfo(Format, StrictJson.ToElement(data));
    }

    private static JsonArray Array(IReadOnlyList<Uri> uris) => new([.. uris.Select(uri => (JsonNode)uri.OriginalString)]);

    private static IReadOnlyList<Uri> Uris(JsonElement data, string name, bool allowLoopbackHttp) =>
        [.. Texts(data, name).Select(text => ContactUri(text, allowLoopbackHttp)).OfType<Uri>().Take(MaxUris)];

    private static IEnumerable<string> Texts(JsonElement data, string name) => data.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { ValueKind: JsonValueKind.Array } list =>
            list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Take(MaxUris).Select(item => item.GetString()!),
        _ => [],
    };

    private static Uri? Web(string text, bool allowLoopbackHttp)
    {
        try
        {
            return ServiceUrl.Require(text, allowLoopbackHttp, Code);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    // The characters of RFC 5322 §3.2.3 that need no quoting in a mailto URI (RFC 6068 §2).
    private static bool IsPlain(ReadOnlySpan<char> address)
    {
        foreach (var c in address)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or '+' or '@')) return false;
        }
        return true;
    }
}
