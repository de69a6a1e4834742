using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.OpenId4Vp;

/// <summary>What a wallet posts to get its request object (OpenID4VP 1.0 §5.10).</summary>
/// <param name="WalletNonce">To be repeated in the request object.</param>
/// <param name="WalletMetadata">What the wallet can do.</param>
public sealed record RequestUriPost(string? WalletNonce, JsonElement? WalletMetadata)
{
    private const string Code = OpenId4VpCodes.RequestMalformed;
    private const int MaxNonceLength = 512;
    private static readonly JsonLimits s_limits = new(MaxBytes: 64 * 1024);

    /// <summary>Reads the form; fields that are not defined are ignored.</summary>
    /// <exception cref="MalformedDataException">A field is too long or no JSON object.</exception>
    public static RequestUriPost Parse(IReadOnlyDictionary<string, string> form)
    {
        var nonce = form.GetValueOrDefault(OpenId4VpNames.WalletNonce);
        if (nonce is not null && (nonce.Length is 0 or > MaxNonceLength || nonce.Any(c => c is < ' ' or > '~')))
            throw new MalformedDataException(Code, "wallet_nonce is empty, too long or not plain text.");
        return new RequestUriPost(
            nonce,
            form.TryGetValue(OpenId4VpNames.WalletMetadata, out var metadata) ? StrictJson.Parse(metadata, s_limits, Code).RequireObject(Code) : null);
    }

    /// <summary>The form form.</summary>
    public IReadOnlyDictionary<string, string> ToForm()
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal);
        if (WalletMetadata is { } metadata) form[OpenId4VpNames.WalletMetadata] = metadata.GetRawText();
        if (WalletNonce is not null) form[OpenId4VpNames.WalletNonce] = WalletNonce;
        return form;
    }
}
