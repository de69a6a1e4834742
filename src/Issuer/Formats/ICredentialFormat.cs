using System.Text.Json.Nodes;
using Credentials.Issuer.Catalog;
using Credentials.OpenId4Vci;

namespace Credentials.Issuer.Formats;

/// <summary>What differs between credential formats. A new one is a class here and a line in <see cref="CredentialFormats"/>.</summary>
internal interface ICredentialFormat
{
    /// <summary>The credential format identifier.</summary>
    string Id { get; }

    /// <summary>Finds out when an offer is made, not when a wallet is waiting, whether its claims can be written in this format.</summary>
    /// <exception cref="MalformedDataException">They cannot; the message names claims, never values.</exception>
    void Check(CredentialType type, JsonObject claims);

    /// <summary>What the metadata say of a type; scope, proofs and display are added for all formats alike.</summary>
    CredentialConfiguration Describe(CredentialType type);

    /// <summary>Makes the credential as it stands in the response, and reads it again with the verifier before it leaves.</summary>
    ValueTask<string> IssueAsync(CredentialContent content, CancellationToken ct);
}
