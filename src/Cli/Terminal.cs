using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Credentials.Cli;

/// <summary>
/// Where a command reads and writes. Data goes to <see cref="Out"/>; everything else (questions, progress, errors) goes to
/// <see cref="Error"/>, so that a pipe carries data only.
/// </summary>
internal sealed class Terminal(Stream input, TextWriter output, TextWriter error, bool canAsk, bool writesToPerson) : IDisposable
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    internal Stream In => input;

    internal TextWriter Out => output;

    internal TextWriter Error => error;

    /// <summary>Whether a person sits in front of it: standard input is not a file or a pipe.</summary>
    internal bool CanAsk => canAsk;

    /// <summary>Whether standard output is a screen and not a file or a pipe.</summary>
    internal bool WritesToPerson => writesToPerson;

    internal static Terminal Standard()
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return new Terminal(
            Console.OpenStandardInput(),
            new StreamWriter(Console.OpenStandardOutput(), utf8) { AutoFlush = true },
            new StreamWriter(Console.OpenStandardError(), utf8) { AutoFlush = true },
            !Console.IsInputRedirected,
            !Console.IsOutputRedirected);
    }

    internal void Line(string text = "") => output.WriteLine(text);

    internal void Hint(string text) => error.WriteLine("hint: " + text);

    internal void Json(JsonNode document) => output.WriteLine(document.ToJsonString(Readable));

    /// <summary>One JSON document on one line, for programs that read events line by line.</summary>
    internal void JsonLine(JsonNode document) =>
        output.WriteLine(document.ToJsonString(new JsonSerializerOptions(Readable) { WriteIndented = false }));

    /// <summary>Asks a yes/no question on <see cref="Error"/>; anything but yes is no.</summary>
    internal bool Ask(string question)
    {
        error.Write(question + " [y/N] ");
        var answer = Console.In.ReadLine()?.Trim();
        return answer is "y" or "Y" or "yes" or "Yes" or "예" or "네";
    }

    /// <summary>Reads a line without showing it.</summary>
    internal string AskSecret(string question)
    {
        error.Write(question + ": ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        error.WriteLine();
        return typed.ToString();
    }

    public void Dispose()
    {
        output.Flush();
        error.Flush();
    }
}
