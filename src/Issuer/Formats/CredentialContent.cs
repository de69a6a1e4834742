using System.Text.Json.Nodes;
using Credentials.Issuer.Catalog;
using Credentials.Issuer.Keys;
using Credentials.Keys;
using Credentials.StatusLists;

namespace Credentials.Issuer.Formats;

/// <summary>One credential to be made, whatever its format.</summary>
internal sealed record CredentialContent(CredentialType Type, JsonObject Claims, PublicKey Holder, StatusReference Status, Signer Signer, DateTimeOffset Now, DateTimeOffset ExpiresAt)
{
    /// <summary>Says nothing about the claims.</summary>
    public override string ToString() => nameof(CredentialContent);
}
