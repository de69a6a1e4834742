using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.DataIntegrity;
using Credentials.W3c;

namespace Credentials.Cli.Inspection;

/// <summary>Credentials and presentations of the W3C data model, however they are secured.</summary>
internal static class W3cInspector
{
    /// <summary>Null for a text that is no such document.</summary>
    internal static JsonObject? Find(string text)
    {
        if (SecuredText.Find(text) is not { } found)
            return null;
        var content = SecuredText.ToContent(text);
        var description = Inspector.Kind(found.IsPresentation ? "W3C presentation" : "W3C credential");
        description["secured"] = found.Format;
        try
        {
            var secured = found.IsPresentation ? SecuredDocument.ParsePresentation(content, acceptV1: true) : SecuredDocument.ParseCredential(content, acceptV1: true);
            var document = secured.UnverifiedDocument;
            description["key_id"] = secured.KeyId;
            description["problem"] = JsonInspector.ProblemOf(() => found.IsPresentation ? W3cPresentation.Parse(document, acceptV1: true) : W3cCredential.Parse(document, acceptV1: true));
            if (document.Member("proof") is not null)
                description["proofs"] = Proofs(document);
            description["document"] = StrictJson.ToNode(document);
        }
        catch (CredentialException unreadable)
        {
            description["problem"] = unreadable.Code;
            if (text.StartsWith('{'))
                description["document"] = StrictJson.ToNode(StrictJson.Parse(Encoding.UTF8.GetBytes(text)));
        }

        return description;
    }

    private static JsonNode Proofs(JsonElement document)
    {
        try
        {
            return new JsonArray([.. DataIntegrityProof.ParseAll(document).Select(proof => (JsonNode)Describe(document, proof))]);
        }
        catch (CredentialException unreadable)
        {
            return unreadable.Code;
        }
    }

    private static JsonObject Describe(JsonElement document, DataIntegrityProof proof)
    {
        var description = new JsonObject
        {
            ["cryptosuite"] = proof.Cryptosuite,
            ["verification_method"] = proof.VerificationMethod,
            ["proof_purpose"] = proof.ProofPurpose,
        };
        if (proof.Cryptosuite == DataIntegrityNames.EcdsaSd2023 && JsonInspector.ProblemOf(() => DataIntegrityPresenter.MandatoryPointers(document)) is null)
            description["mandatory"] = new JsonArray([.. DataIntegrityPresenter.MandatoryPointers(document).Select(pointer => (JsonNode)pointer)]);
        return description;
    }
}
