namespace Credentials.W3c;

/// <summary>What a signature or proof says about its key; nothing of it is trusted.</summary>
/// <param name="KeyId">The <c>kid</c> of a header, or the <c>verificationMethod</c> of a proof.</param>
/// <param name="Claims">The claims of the signature.</param>
/// <param name="Chain">The certificates in the header, leaf first.</param>
internal sealed record SignatureHints(string? KeyId, SignatureClaims Claims, IReadOnlyList<ReadOnlyMemory<byte>>? Chain)
{
    public static SignatureHints Of(SecuredDocument signature) => new(signature.KeyId, signature.Claims, signature.Chain);

    public static SignatureHints OfProof(string verificationMethod) => new(verificationMethod, SignatureClaims.None, null);
}
