using System.Text.Json;

namespace Credentials.Wallet.Core.Storage;

/// <summary>
/// What is in memory about documents, so that one is found, or those that a query can be about, without decrypting all: which copies a
/// document has, and as what queries see it. Made from the records when the wallet is opened, and kept up with every change.
/// </summary>
internal sealed class DocumentIndex
{
    private readonly Dictionary<string, Entry> _documents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Entry Document, string? KeyId)> _copies = new(StringComparer.Ordinal);

    // Thousands of documents are of few kinds: each is kept once.
    private readonly HashSet<Kind> _kinds = [];

    /// <summary>What the index needs of a record.</summary>
    /// <param name="DocumentId">Of a copy: its document.</param>
    /// <param name="KeyId">Of a copy: its key.</param>
    /// <param name="Format">Of a document: the format that queries ask for it in; null where that is not known.</param>
    /// <param name="Types">Of a document: the types that queries ask for it by.</param>
    /// <param name="Logos">Of a document: the logos, and the picture behind its card, that it came with.</param>
    public readonly record struct Link(string? DocumentId, string? KeyId, string? Format, IReadOnlyList<string> Types, IReadOnlyList<string> Logos);

    /// <summary>The keys of all copies.</summary>
    public IEnumerable<string> KeyIds => _copies.Values.Select(copy => copy.KeyId).OfType<string>();

    public static bool Covers(RecordKind kind) => kind is RecordKind.Document or RecordKind.Credential;

    /// <summary>Reads what the index needs of a record, and no more.</summary>
    public static Link Read(ReadOnlySpan<byte> json)
    {
        string? document = null, key = null, format = null;
        List<string>? types = null, logos = null;
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("document"u8)) document = Text(ref reader);
            else if (reader.ValueTextEquals("key_id"u8)) key = Text(ref reader);
            else if (reader.ValueTextEquals("matched_format"u8)) format = Text(ref reader);
            else if (reader.ValueTextEquals("matched_types"u8)) Texts(ref reader, types ??= []);
            else if (reader.ValueTextEquals("logo"u8) || reader.ValueTextEquals("issuer_logo"u8) || reader.ValueTextEquals("background_image"u8)) (logos ??= []).Add(Text(ref reader) ?? "");
            else reader.Skip();
        }
        return new Link(document, key, format, types ?? (IReadOnlyList<string>)[], logos ?? (IReadOnlyList<string>)[]);
    }

    public void Put(RecordKind kind, string id, Link link)
    {
        Remove(kind, id);
        if (kind == RecordKind.Document)
        {
            Of(id).Kind = Shared(new Kind(link.Format, [.. link.Types], [.. link.Logos]));
        }
        else if (link.DocumentId is { } document)
        {
            var entry = Of(document);
            _copies[id] = (entry, link.KeyId);
            entry.Copies = [.. entry.Copies, id];
        }
    }

    public void Remove(RecordKind kind, string id)
    {
        if (kind == RecordKind.Document)
        {
            if (!_documents.TryGetValue(id, out var entry)) return;
            entry.Kind = null;
            Forget(entry);
        }
        else if (_copies.Remove(id, out var copy))
        {
            copy.Document.Copies = Array.FindAll(copy.Document.Copies, other => other != id);
            Forget(copy.Document);
        }
    }

    public void Clear()
    {
        _documents.Clear();
        _copies.Clear();
        _kinds.Clear();
    }

    /// <summary>The copies of a document.</summary>
    public IReadOnlyList<string> CopiesOf(string documentId) => _documents.TryGetValue(documentId, out var entry) ? entry.Copies : [];

    /// <summary>The documents of which a query could be about by format and types, and those of which that is not known.</summary>
    public IReadOnlyList<string> Matching(Func<string, IReadOnlyCollection<string>, bool> isAsked)
    {
        // Asked once for each kind, and not for each of its documents.
        var kinds = _kinds.Where(kind => kind.Format is not { } format || isAsked(format, kind.Types)).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. _documents.Values.Where(entry => entry.Kind is { } kind && kinds.Contains(kind)).Select(entry => entry.Id)];
    }

    /// <summary>Whether a document came with this logo.</summary>
    public bool NamesLogo(string logoId) => _documents.Values.Any(entry => entry.Kind is { } kind && kind.Logos.Contains(logoId));

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

    private void Forget(Entry entry)
    {
        if (entry is { Kind: null, Copies: [] }) _documents.Remove(entry.Id);
    }

    private Kind Shared(Kind kind)
    {
        if (_kinds.TryGetValue(kind, out var shared)) return shared;
        _kinds.Add(kind);
        return kind;
    }

    private sealed class Entry(string id)
    {
        public string Id => id;

        /// <summary>Null while there are copies and no document yet.</summary>
        public Kind? Kind { get; set; }

        public string[] Copies { get; set; } = [];
    }

    /// <summary>What documents of one kind have in common.</summary>
    private sealed record Kind(string? Format, string[] Types, string[] Logos)
    {
        public bool Equals(Kind? other) =>
            other is not null && Format == other.Format && Types.AsSpan().SequenceEqual(other.Types) && Logos.AsSpan().SequenceEqual(other.Logos);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(Format);
            foreach (var text in Types.Concat(Logos)) hash.Add(text);
            return hash.ToHashCode();
        }
    }
}
