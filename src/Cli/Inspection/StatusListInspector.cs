using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Credentials.StatusLists;

namespace Credentials.Cli.Inspection;

/// <summary>A status list: its size and how often each value stands in it.</summary>
internal static class StatusListInspector
{
    internal static JsonObject Describe(JsonElement list)
    {
        try
        {
            return Describe(StatusList.Parse(list));
        }
        catch (CredentialException failure)
        {
            return new JsonObject { ["unreadable"] = failure.Code };
        }
    }

    internal static JsonObject Describe(StatusList list)
    {
        var counts = new long[1 << list.Bits];
        for (var index = 0; index < list.Size; index++)
            counts[list[index]]++;
        var values = new JsonObject();
        for (var value = 0; value < counts.Length; value++)
        {
            if (counts[value] > 0)
                values[value.ToString(CultureInfo.InvariantCulture)] = counts[value];
        }
        return new JsonObject { ["bits"] = list.Bits, ["size"] = list.Size, ["entries_by_value"] = values };
    }
}
