using System.Text.Json;

namespace Credentials.SdJwt;

/// <summary>
/// One value of a processed payload, with the disclosure that revealed it. One that was made without its parts stands for a value in which
/// there are no digests; its parts are made when somebody looks at them.
/// </summary>
internal sealed class ClaimNode(JsonElement json, Disclosure? disclosure)
{
    private List<KeyValuePair<string, ClaimNode>>? _members;
    private List<ClaimNode>? _elements;

    public Disclosure? Disclosure { get; } = disclosure;

    /// <summary>The members, when the value is an object.</summary>
    public List<KeyValuePair<string, ClaimNode>>? Members
    {
        get => _members ??= json.ValueKind == JsonValueKind.Object
            ? [.. json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, new ClaimNode(member.Value, null)))]
            : null;
        init => _members = value;
    }

    /// <summary>Whether the object has digests that nothing was disclosed for: members that are withheld, or decoys.</summary>
    public bool HasWithheldMembers { get; init; }

    /// <summary>The elements that are there, when the value is an array.</summary>
    public List<ClaimNode>? Elements
    {
        get => _elements ??= json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray().Select(element => new ClaimNode(element, null))] : null;
        init => _elements = value;
    }

    /// <summary>The elements as they were issued, null in place of one that is withheld or a decoy; null altogether where none is.</summary>
    public List<ClaimNode?>? ElementsAsIssued { get; init; }

    /// <summary>Whether the value or anything in it came by disclosure.</summary>
    public bool IsDisclosed()
    {
        if (Disclosure is not null) return true;
        return (_members?.Exists(static member => member.Value.IsDisclosed()) ?? false) || (_elements?.Exists(static element => element.IsDisclosed()) ?? false);
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (_members is not null)
        {
            writer.WriteStartObject();
            foreach (var (name, node) in _members)
            {
                writer.WritePropertyName(name);
                node.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
        else if (_elements is not null)
        {
            writer.WriteStartArray();
            foreach (var node in _elements) node.WriteTo(writer);
            writer.WriteEndArray();
        }
        else
        {
            json.WriteTo(writer);
        }
    }
}
