using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Credentials.Codecs;
using Credentials.Jose;

namespace Credentials.OpenId4Vp;

/// <summary>Reads what was posted to a response address (OpenID4VP 1.0 §8.2, §8.3.1), or brought back by the Digital Credentials API (A.4).</summary>
public static class ResponseReader
{
    /// <summary>
    /// Reads a posted form. An error may come unencrypted also where encryption was asked for (§8.3.1); presentations may not.
    /// </summary>
    /// <param name="form">The fields, each once.</param>
    /// <param name="expected">What the request said.</param>
    /// <param name="cancellationToken">Cancels the key operation.</param>
    /// <exception cref="ProtocolException"><c>invalid_request</c> (<see cref="OpenId4VpCodes.ResponseMalformed"/>): the form, or what was
    /// encrypted in it, has not the form of a response.</exception>
    public static async ValueTask<ReceivedResponse> ReadAsync(
        IReadOnlyDictionary<string, string> form, ResponseExpectations expected, CancellationToken cancellationToken = default)
    {
        if (!form.TryGetValue(OpenId4VpNames.Response, out var jwe)) return ReadPlain(AuthorizationResponse.ParseForm(form), expected);
        if (form.ContainsKey(OpenId4VpNames.VpToken) || form.ContainsKey(OpenId4VpNames.Error))
            throw VpToken.Malformed("A response is either encrypted or plain.");
        return await ReadEncryptedAsync(jwe, form.GetValueOrDefault(OpenId4VpNames.State), expected, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<ReceivedResponse> ReadEncryptedAsync(
        string jwe, string? outerState, ResponseExpectations expected, CancellationToken cancellationToken)
    {
        if (expected.ResponseMode is not (OpenId4VpNames.DirectPostJwt or OpenId4VpNames.DcApiJwt))
            return new ReceivedResponse(null, new ResponseFacts(MatchState(outerState, expected), CheckOutcome.Failed, CheckOutcome.NotRun));
        if (await DecryptAsync(jwe, expected, cancellationToken).ConfigureAwait(false) is not { } plaintext)
            return new ReceivedResponse(null, new ResponseFacts(CheckOutcome.NotRun, CheckOutcome.Passed, CheckOutcome.Failed));

        var response = ParseDecrypted(plaintext);
        // A state beside the JWE is not part of the answer, but must not contradict it.
        var state = outerState is null || outerState == response.State ? MatchState(response.State, expected) : CheckOutcome.Failed;
        return new ReceivedResponse(response, new ResponseFacts(state, CheckOutcome.Passed, CheckOutcome.Passed));
    }

    /// <summary>Reads the <c>data</c> that the Digital Credentials API brought back (A.4): like a form, with values that are JSON, and no state.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    /// <param name="data">The response's <c>data</c>.</param>
    public static async ValueTask<ReceivedResponse> ReadDataAsync(
        JsonElement data, ResponseExpectations expected, CancellationToken cancellationToken = default)
    {
        if (data.ValueKind != JsonValueKind.Object) throw VpToken.Malformed("The response is no object.");
        if (data.Member(OpenId4VpNames.Response) is not { } response) return ReadPlain(AuthorizationResponse.Parse(data), expected);
        if (response.ValueKind != JsonValueKind.String) throw VpToken.Malformed("response is not a string.");
        if (data.Member(OpenId4VpNames.VpToken) is not null || data.Member(OpenId4VpNames.Error) is not null)
            throw VpToken.Malformed("A response is either encrypted or plain.");
        return await ReadEncryptedAsync(response.GetString()!, null, expected, cancellationToken).ConfigureAwait(false);
    }

    private static ReceivedResponse ReadPlain(AuthorizationResponse response, ResponseExpectations expected)
    {
        var asAsked = expected.ResponseMode is OpenId4VpNames.DirectPost or OpenId4VpNames.DcApi || response.Error is not null;
        return new ReceivedResponse(response, new ResponseFacts(
            MatchState(response.State, expected), asAsked ? CheckOutcome.Passed : CheckOutcome.Failed, CheckOutcome.NotApplicable));
    }

    private static async ValueTask<byte[]?> DecryptAsync(string text, ResponseExpectations expected, CancellationToken cancellationToken)
    {
        var key = expected.DecryptionKey ?? throw new ArgumentException("An encrypted response needs the request's key.", nameof(expected));
        try
        {
            var jwe = CompactJwe.Parse(text);
            // §8.3: the kid of the key on offer is repeated, so another one means another request's key.
            if (jwe.KeyId != expected.DecryptionKeyId) return null;
            return await Jwe.DecryptAsync(jwe, key, JweEncryption.All, cancellationToken).ConfigureAwait(false);
        }
        catch (MalformedDataException)
        {
            return null;
        }
    }

    private static AuthorizationResponse ParseDecrypted(byte[] plaintext)
    {
        try
        {
            return AuthorizationResponse.Parse(StrictJson.ParseObject(plaintext, code: OpenId4VpCodes.ResponseMalformed));
        }
        catch (MalformedDataException e)
        {
            throw VpToken.Malformed("What was encrypted is no response.", e);
        }
    }

    private static CheckOutcome MatchState(string? state, ResponseExpectations expected)
    {
        if (expected.State is null) return CheckOutcome.NotApplicable;
        var same = state is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(expected.State));
        return same ? CheckOutcome.Passed : CheckOutcome.Failed;
    }
}
