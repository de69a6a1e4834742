using System.Text.Json;

namespace Credentials.SdJwt;

/// <summary>One value of a processed payload, with the disclosure that revealed it.</summary>
internal sealed class ClaimNode(JsonElement value, Disclosure? disclosure)
{
    public Disclosure? Disclosure { get; } = disclosure;

    /// <summary>The members, when the value is an object.</summary>
    public List<KeyValuePair<string, ClaimNode>>? Members { get; init; }

    /// <summary>Whether the object has digests that nothing was disclosed for: members that are withheld, or decoys.</summary>
    public bool HasWithheldMembers { get; init; }

    /// <summary>The elements that are there, when the value is an array.</summary>
    public List<ClaimNode>? Elements { get; init; }

    /// <summary>The elements as they were issued, null in place of one that is withheld or a decoy; null altogether where none is.</summary>
    public List<ClaimNode?>? ElementsAsIssued { get; init; }

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Members is not null)
        {
            writer.WriteStartObject();
            foreach (var (name, node) in Members)
            {
                writer.WritePropertyName(name);
                node.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
        else if (Elements is not null)
        {
            writer.WriteStartArray();
            foreach (var node in Elements) node.WriteTo(writer);
            writer.WriteEndArray();
        }
        else
        {
            value.WriteTo(writer);
        }
    }
}
