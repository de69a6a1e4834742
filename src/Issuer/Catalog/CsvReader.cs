using System.Text;

namespace Credentials.Issuer.Catalog;

/// <summary>Reads comma-separated values (RFC 4180) row by row. Stricter than most: quotes only around a whole field, as many fields in each row as in the first.</summary>
internal sealed class CsvReader(TextReader text)
{
    internal const int MaxColumns = 200;
    internal const int MaxRowLength = 512 * 1024;
    private const string Code = IssuerCodes.Table;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _field = new();
    private int _length;
    private int _at;
    private int _line = 1;
    private int? _columns;

    /// <summary>The line on which the last row begins, from 1.</summary>
    internal int Line { get; private set; } = 1;

    /// <summary>The next row; null at the end. Empty lines are passed over.</summary>
    /// <exception cref="MalformedDataException">The text is not CSV, not UTF-8 or over a cap; the message names the line.</exception>
    internal async ValueTask<List<string>?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            Line = _line;
            if (await PeekAsync(ct) < 0)
                return null;
            var row = await ReadRowAsync(ct);
            if (row is [""])
                continue;
            _columns ??= row.Count;
            return row.Count == _columns ? row : throw Bad($"{row.Count} fields where the first row has {_columns}", Line);
        }
    }

    private async ValueTask<List<string>> ReadRowAsync(CancellationToken ct)
    {
        var row = new List<string>();
        for (var length = 0; ;)
        {
            var end = await ReadFieldAsync(ct);
            length += _field.Length;
            if (length > MaxRowLength || row.Count == MaxColumns)
                throw Bad("the row is too long", Line);
            row.Add(_field.ToString());
            if (end != ',')
                return row;
        }
    }

    /// <summary>Reads into the field and returns what ended it: a comma, a line end, or −1.</summary>
    private async ValueTask<int> ReadFieldAsync(CancellationToken ct)
    {
        _field.Clear();
        var quoted = await PeekAsync(ct) == '"';
        if (quoted)
            await ReadQuotedAsync(ct);
        while (true)
        {
            var c = await NextAsync(ct);
            if (c == '\r' && await PeekAsync(ct) == '\n')
                c = await NextAsync(ct);
            if (c == '\n')
                _line++;
            if (c is ',' or '\n' or -1)
                return c;
            if (quoted || c is '"' or '\r' or '\0')
                throw Bad("a quote or control character where none may be");
            Append(c);
        }
    }

    private async ValueTask ReadQuotedAsync(CancellationToken ct)
    {
        await NextAsync(ct);
        while (true)
        {
            var c = await NextAsync(ct);
            if (c < 0)
                throw Bad("the text ends inside quotes");
            if (c == '"')
            {
                if (await PeekAsync(ct) != '"')
                    return;
                c = await NextAsync(ct);
            }

            if (c == '\n')
                _line++;
            Append(c);
        }
    }

    private void Append(int c)
    {
        if (_field.Length == MaxRowLength)
            throw Bad("the row is too long");
        _field.Append((char)c);
    }

    private async ValueTask<int> PeekAsync(CancellationToken ct)
    {
        if (_at == _length)
        {
            try
            {
                (_at, _length) = (0, await text.ReadAsync(_buffer, ct));
            }
            catch (DecoderFallbackException)
            {
                throw Bad("the text is not UTF-8");
            }
        }

        return _length == 0 ? -1 : _buffer[_at];
    }

    private async ValueTask<int> NextAsync(CancellationToken ct)
    {
        var c = await PeekAsync(ct);
        if (c >= 0)
            _at++;
        return c;
    }

    private MalformedDataException Bad(string what, int? line = null) => new(Code, $"Line {line ?? _line}: {what}.");
}
