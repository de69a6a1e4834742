using System.Text.Json;

namespace Credentials.Cli;

/// <summary>JSON for people: indented names and values, with text from outside made safe.</summary>
internal static class JsonView
{
    private const int LongestShown = 300;

    /// <summary>Prints a value.</summary>
    /// <param name="hidden">Members of the outermost object that are left out.</param>
    internal static void Print(JsonElement value, Terminal terminal, string indent, params ReadOnlySpan<string> hidden)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                if (hidden.Contains(member.Name))
                    continue;
                PrintMember(TextSafety.ForTerminal(member.Name) + ":", member.Value, terminal, indent);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in value.EnumerateArray())
                PrintMember("-", element, terminal, indent);
        }
        else
        {
            terminal.Line(indent + Scalar(value));
        }
    }

    private static void PrintMember(string label, JsonElement value, Terminal terminal, string indent)
    {
        if (IsBranch(value))
        {
            terminal.Line(indent + label);
            Print(value, terminal, indent + "  ");
        }
        else
        {
            terminal.Line($"{indent}{label} {Scalar(value)}");
        }
    }

    private static bool IsBranch(JsonElement value) =>
        (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
        || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0);

    private static string Scalar(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        // A portrait would fill the screen; --json has all of it.
        return TextSafety.ForTerminal(text.Length <= LongestShown ? text : $"{text[..LongestShown]}… ({text.Length} characters)");
    }
}
