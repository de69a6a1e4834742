using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>A deferred credential request (OpenID4VCI §9.1); its answer is a <see cref="CredentialResponse"/>.</summary>
/// <param name="TransactionId">The handle of the deferred issuance.</param>
/// <param name="ResponseEncryption">How the answer is to be encrypted, whatever the first request said; null: not at all.</param>
public sealed record DeferredCredentialRequest(string TransactionId, CredentialResponseEncryption? ResponseEncryption = null)
{
    private const string Bad = OpenId4VciCodes.DeferredRequest;

    /// <summary>Reads a request; unknown parameters are ignored.</summary>
    /// <param name="body">The JSON, decrypted if it came encrypted.</param>
    /// <param name="wasEncrypted">Whether it came encrypted: only then may it ask for an encrypted answer (§9.1).</param>
    /// <exception cref="ProtocolException">With the §9.3 error to answer.</exception>
    public static DeferredCredentialRequest Parse(ReadOnlyMemory<byte> body, bool wasEncrypted)
    {
        try
        {
            var json = StrictJson.ParseObject(body.Span, JsonLimits.Default, Bad);
            return new DeferredCredentialRequest(json.RequireText("transaction_id", Bad), CredentialRequest.ReadResponseEncryption(json, wasEncrypted));
        }
        catch (MalformedDataException e)
        {
            throw new ProtocolException(e.Code, OpenId4VciNames.InvalidCredentialRequest, e.Message, 400);
        }
    }

    /// <summary>Writes the request.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["transaction_id"] = TransactionId };
        if (ResponseEncryption is not null)
            json["credential_response_encryption"] = ResponseEncryption.ToJson();
        return json;
    }
}
