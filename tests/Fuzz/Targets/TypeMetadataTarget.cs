using System.Text.Json.Nodes;
using Credentials.Codecs;
using Credentials.Fuzz.Tests.Mutation;
using Credentials.SdJwt.TypeMetadata;

namespace Credentials.Fuzz.Tests.Targets;

/// <summary>A type metadata document, written again.</summary>
internal sealed class TypeMetadataTarget : FuzzTarget
{
    public override string Name => "type-metadata";

    public override InputShape Shape => InputShape.Json;

    public override IEnumerable<byte[]> Seeds(Vectors vectors) => vectors.Json("document", "type-metadata.parse");

    protected override object Read(byte[] input) => TypeMetadataDocument.Parse(StrictJson.Parse(input));

    protected override void Check(byte[] input, object value)
    {
        var written = ((TypeMetadataDocument)value).ToJson();
        var again = TypeMetadataDocument.Parse(StrictJson.Parse(StrictJson.ToUtf8(written)));
        Require(JsonNode.DeepEquals(again.ToJson(), written), "A document is not what it was after it was written.");
    }
}
