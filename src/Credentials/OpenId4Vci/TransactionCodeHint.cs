using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.Codecs;

namespace Credentials.OpenId4Vci;

/// <summary>What an offer says about the transaction code the holder must type (OpenID4VCI §4.1.1, <c>tx_code</c>). Never the code itself.</summary>
/// <param name="Numeric">True when only digits are expected (the default).</param>
/// <param name="Length">Number of characters, if told.</param>
/// <param name="Description">How the holder gets the code, at most 300 characters; untrusted text.</param>
public sealed record TransactionCodeHint(bool Numeric, int? Length, string? Description)
{
    /// <summary>Reads the object.</summary>
    /// <exception cref="MalformedDataException">A member is not what the section says.</exception>
    public static TransactionCodeHint Parse(JsonElement json, string code)
    {
        json.RequireObject(code);
        var numeric = json.OptionalString("input_mode", code) switch
        {
            null or "numeric" => true,
            "text" => false,
            _ => throw new MalformedDataException(code, "'input_mode' is neither numeric nor text."),
        };
        var length = json.OptionalIndex("length", code);
        if (length is < 1 or > 64)
            throw new MalformedDataException(code, "'length' of the transaction code is not between 1 and 64.");
        var description = json.OptionalString("description", code);
        if (description is { Length: > 300 })
            throw new MalformedDataException(code, "'description' of the transaction code is longer than 300 characters.");
        return new TransactionCodeHint(numeric, (int?)length, description);
    }

    /// <summary>Writes the object.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["input_mode"] = Numeric ? "numeric" : "text" };
        if (Length is { } length)
            json["length"] = length;
        json.AddText("description", Description);
        return json;
    }
}
