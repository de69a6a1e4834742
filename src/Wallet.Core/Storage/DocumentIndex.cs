using System.Text.Json;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// What is in memory about documents, so that one is found, or those that a query can be about, without decrypting all: which copies a
/// document has, and as what queries see it. Made from the records when the wallet is opened, and kept up with every change.
/// </summary>
internal sealed class DocumentIndex
{
    private readonly Dictionary<string, Entry> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Link> _copies = new(StringComparer.Ordinal);

    // Thousands of documents are of few formats and types: each text is kept once.
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>What the index needs of a record.</summary>
    /// <param name="DocumentId">Of a copy: its document.</param>
    /// <param name="KeyId">Of a copy: its key.</param>
    /// <param name="Format">Of a document: the format that queries ask for it in; null where that is not known.</param>
    /// <param name="Types">Of a document: the types that queries ask for it by.</param>
    public readonly record struct Link(string? DocumentId, string? KeyId, string? Format, IReadOnlyList<string> Types);

    /// <summary>The keys of all copies.</summary>
    public IEnumerable<string> KeyIds => _copies.Values.Select(copy => copy.KeyId).OfType<string>();

    public static bool Covers(RecordKind kind) => kind is RecordKind.Document or RecordKind.Credential;

    /// <summary>Reads what the index needs of a record, and no more.</summary>
    public static Link Read(ReadOnlySpan<byte> json)
    {
        string? document = null, key = null, format = null;
        List<string> types = [];
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("document"u8)) document = Text(ref reader);
            else if (reader.ValueTextEquals("key_id"u8)) key = Text(ref reader);
            else if (reader.ValueTextEquals("matched_format"u8)) format = Text(ref reader);
            else if (reader.ValueTextEquals("matched_types"u8)) Texts(ref reader, types);
            else reader.Skip();
        }
        return new Link(document, key, format, types);
    }

    public void Put(RecordKind kind, string id, Link link)
    {
        Remove(kind, id);
        if (kind == RecordKind.Document)
        {
            var entry = Of(id);
            (entry.IsThere, entry.Format, entry.Types) = (true, link.Format is { } format ? Shared(format) : null, [.. link.Types.Select(Shared)]);
        }
        else if (link.DocumentId is { } document)
        {
            var entry = Of(document);
            _copies[id] = link with { DocumentId = entry.Id };
            entry.Copies.Add(id);
        }
    }

    public void Remove(RecordKind kind, string id)
    {
        if (kind == RecordKind.Document)
        {
            if (!_documents.TryGetValue(id, out var entry)) return;
            entry.IsThere = false;
            Forget(id, entry);
        }
        else if (_copies.Remove(id, out var copy) && _documents.TryGetValue(copy.DocumentId!, out var entry))
        {
            entry.Copies.Remove(id);
            Forget(copy.DocumentId!, entry);
        }
    }

    public void Clear()
    {
        _documents.Clear();
        _copies.Clear();
        _texts.Clear();
    }

    /// <summary>The copies of a document.</summary>
    public IReadOnlyList<string> CopiesOf(string documentId) => _documents.TryGetValue(documentId, out var entry) ? [.. entry.Copies] : [];

    /// <summary>The documents of which a query could be about by format and types, and those of which that is not known.</summary>
    public IReadOnlyList<string> Matching(Func<string, IReadOnlyCollection<string>, bool> isAsked) =>
        [.. _documents.Where(pair => pair.Value.IsThere && (pair.Value.Format is not { } format || isAsked(format, pair.Value.Types))).Select(pair => pair.Key)];

    private static string? Text(ref Utf8JsonReader reader)
    {
        if (reader.Read() && reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    private static void Texts(ref Utf8JsonReader reader, List<string> texts)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.String) texts.Add(reader.GetString()!);
    }

    private Entry Of(string documentId)
    {
        if (!_documents.TryGetValue(documentId, out var entry)) _documents[documentId] = entry = new Entry(documentId);
        return entry;
    }

    private void Forget(string id, Entry entry)
    {
        if (!entry.IsThere && entry.Copies.Count == 0) _documents.Remove(id);
    }

    private string Shared(string text)
    {
        if (!_texts.TryGetValue(text, out var shared)) _texts[text] = shared = text;
        return shared;
    }

    private sealed class Entry(string id)
    {
        public string Id => id;

        public bool IsThere { get; set; }

        public string? Format { get; set; }

        public IReadOnlyList<string> Types { get; set; } = [];

        public List<string> Copies { get; } = new(1);
    }
}
