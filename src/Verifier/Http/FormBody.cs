using Credentials.Codecs;

namespace Credentials.Verifier.Http;

/// <summary>Reads the wallet's forms under a cap.</summary>
internal static class FormBody
{
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken ct)
    {
        if (!RequestBody.HasMediaType(request, "application/x-www-form-urlencoded"))
            throw new ProtocolException(VerifierCodes.RequestContentType, "invalid_request", "The body must be a form.", StatusCodes.Status415UnsupportedMediaType);
        return StrictForm.Parse(await RequestBody.ReadAsync(request, maxBytes, ct), VerifierCodes.RequestForm);
    }
}
