using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Keys;

namespace Credentials.W3c;

/// <summary>A credential or presentation as a JSON document, with the proofs that it has inside it or none (Data Model 2.0 §4.12).</summary>
internal sealed class EmbeddedProofDocument(JsonElement json, SecuredReading reading)
    : SecuredDocument(reading.IsPresentation, IsV1(json) ? DataModelVersion.V1 : DataModelVersion.V2)
{
    public override string Format => Version == DataModelVersion.V2 ? W3cFormats.DataIntegrity : W3cFormats.DataIntegrityV1;

    public override JsonElement UnverifiedDocument => json;

    /// <summary>True if it says that there are proofs; what they are worth is another matter.</summary>
    public bool HasProofs => json.Member(W3cNames.Proof) is not null;

    internal override JsonNode ToPresented() => StrictJson.ToNode(json)!;

    public override bool VerifySignature(PublicKey key) => false;

    private static bool IsV1(JsonElement json) =>
        json.Member(W3cNames.Context) is { ValueKind: JsonValueKind.Array } contexts && contexts.GetArrayLength() > 0
        && contexts[0].ValueKind == JsonValueKind.String && contexts[0].ValueEquals(W3cNames.BaseContextV1);
}
