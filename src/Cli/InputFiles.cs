using System.Text;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Cli;

/// <summary>Reads what the command line names: a file, or stdin for <c>-</c>. Never more than the cap.</summary>
internal static class InputFiles
{
    /// <summary>The most a credential, token or JSON document may have (the largest is an unpacked status list token).</summary>
    internal const int MaxBytes = 8 * 1024 * 1024;

    internal static async Task<byte[]> ReadAsync(string path, CommandContext context, int maxBytes = MaxBytes)
    {
        if (path == "-")
            return await ReadAsync(context.Terminal.In, maxBytes, context.Cancelled);
        if (Directory.Exists(path))
            throw CommandException.Usage($"{TextSafety.ForTerminal(path)} is a directory");
        await using var file = File.OpenRead(path);
        return await ReadAsync(file, maxBytes, context.Cancelled);
    }

    /// <summary>UTF-8 text without the white space around it, as tools and editors leave a line end behind.</summary>
    internal static async Task<string> ReadTextAsync(string path, CommandContext context) =>
        ToText(await ReadAsync(path, context));

    internal static async Task<JsonElement> ReadJsonAsync(string path, CommandContext context) =>
        StrictJson.ParseObject(await ReadAsync(path, context), JsonLimits.Default);

    /// <summary>The text of a document; the bytes of an mdoc, or its text in hexadecimal, become the base64url in which protocols carry it.</summary>
    internal static string ToDocument(ReadOnlySpan<byte> bytes)
    {
        if (IsCborMap(bytes))
            return StrictBase64Url.Encode(bytes);
        var text = ToText(bytes);
        return TryReadHex(text, out var decoded) && IsCborMap(decoded) ? StrictBase64Url.Encode(decoded) : text;
    }

    // RFC 8949 §3: major type 5. Neither text nor DER begins like this.
    private static bool IsCborMap(ReadOnlySpan<byte> bytes) => bytes.Length > 1 && bytes[0] >> 5 == 5;

    internal static bool TryReadHex(string text, out byte[] bytes)
    {
        bytes = text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : [];
        return bytes.Length > 0;
    }

    internal static string ToText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).Trim();
        }
        catch (DecoderFallbackException)
        {
            throw new MalformedDataException(CliCodes.InputNotText, "the input is not UTF-8 text");
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int maxBytes, CancellationToken cancelled)
    {
        using var read = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int count; (count = await stream.ReadAsync(buffer, cancelled)) > 0;)
        {
            if (read.Length + count > maxBytes)
                throw new MalformedDataException(CliCodes.InputTooLarge, $"the input has more than {maxBytes} bytes");
            read.Write(buffer, 0, count);
        }
        return read.ToArray();
    }
}
