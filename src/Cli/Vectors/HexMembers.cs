using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Cli.Vectors;

/// <summary>Members of a scenario that hold bytes in hexadecimal.</summary>
internal static class HexMembers
{
    internal static byte[] RequireHex(this JsonElement value, string name) =>
        value.OptionalHex(name) ?? throw new MalformedDataException(CliCodes.VectorMalformed, $"{name} is missing.");

    internal static byte[]? OptionalHex(this JsonElement value, string name)
    {
        try
        {
            return value.OptionalString(name) is { } text ? Convert.FromHexString(text) : null;
        }
        catch (FormatException)
        {
            throw new MalformedDataException(CliCodes.VectorMalformed, $"{name} is not hexadecimal.");
        }
    }
}
