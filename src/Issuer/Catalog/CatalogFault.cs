using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Credentials.Issuer.Catalog;

/// <summary>What is wrong in a catalog file, with the part of the file that it is in, until the line of that part is known.</summary>
internal sealed class CatalogFault(JsonElement where, string message) : Exception(message)
{
    /// <summary>Reads a part of the file; what is wrong in it, and was not placed more exactly, is placed there.</summary>
    internal static T At<T>(JsonElement part, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MalformedDataException e)
        {
            throw new CatalogFault(part, e.Message);
        }
    }

    /// <summary>The line, from 1, on which the part begins.</summary>
    /// <param name="file">The file that <paramref name="root"/> was parsed from.</param>
    internal int LineIn(ReadOnlySpan<byte> file, JsonElement root)
    {
        // Both are spans over the one copy that the parser keeps, so their distance is the part's place in the text.
        var whole = JsonMarshal.GetRawUtf8Value(root);
        var part = JsonMarshal.GetRawUtf8Value(where);
        var offset = (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(whole), ref MemoryMarshal.GetReference(part));
        var before = file.IndexOf((byte)'{');
        return 1 + file[..before].Count((byte)'\n') + whole[..offset].Count((byte)'\n');
    }

    /// <summary>The line at which a text stops being acceptable JSON: a syntax error, or a member's name for the second time.</summary>
    internal static int LineOfSyntax(ReadOnlySpan<byte> file)
    {
        var reader = new Utf8JsonReader(file);
        var names = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                else if (reader.TokenType == JsonTokenType.EndObject)
                    names.Pop();
                else if (reader.TokenType == JsonTokenType.PropertyName && !names.Peek().Add(reader.GetString()!))
                    break;
            }
        }
        catch (JsonException e)
        {
            return (int)(e.LineNumber ?? 0) + 1;
        }
        catch (InvalidOperationException)
        {
            // a lone surrogate in a name
        }

        return 1 + file[..(int)reader.TokenStartIndex].Count((byte)'\n');
    }
}
