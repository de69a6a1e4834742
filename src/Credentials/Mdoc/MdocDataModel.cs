using System.Collections.Frozen;
using System.Text.Json;
using Credentials.Codecs;

namespace Credentials.Mdoc;

/// <summary>The data elements of a document type and their types, from the files in <c>Mdoc/DataModels</c>.</summary>
public sealed class MdocDataModel
{
    private static readonly FrozenDictionary<string, MdocDataModel> s_known = LoadAll();

    private readonly Dictionary<string, IReadOnlyList<KeyValuePair<string, ElementType>>> _elements = new(StringComparer.Ordinal);

    private MdocDataModel(JsonElement file)
    {
        DocType = file.RequireString("doctype");
        var mandatory = new List<(string, string)>();
        foreach (var space in file.RequireObjectMember("namespaces").EnumerateObject())
        {
            var required = space.Value.RequireObjectMember("mandatory");
            mandatory.AddRange(required.EnumerateObject().Select(element => (space.Name, element.Name)));
            _elements.Add(space.Name, [.. required.EnumerateObject().Concat(space.Value.RequireObjectMember("optional").EnumerateObject())
                .Select(element => KeyValuePair.Create(
                    element.Name.Length > 0 ? element.Name : throw new MalformedDataException(MdocCodes.DataModel, "A data element has no name."), ElementType.Parse(element.Value)))]);
        }

        Mandatory = mandatory;
    }

    /// <summary>The document type.</summary>
    public string DocType { get; }

    /// <summary>The namespaces, the main one first.</summary>
    public IReadOnlyCollection<string> NameSpaces => _elements.Keys;

    /// <summary>The data elements that every document of the type has.</summary>
    public IReadOnlyList<(string NameSpace, string Element)> Mandatory { get; }

    /// <summary>The shipped data models.</summary>
    public static IReadOnlyCollection<MdocDataModel> All => s_known.Values;

    /// <summary>
    /// Reads a model in the form of the shipped files: the types are <c>text</c>, <c>text150</c>, <c>bytes</c>, <c>uint</c>, <c>bool</c>,
    /// <c>full-date</c>, <c>tdate</c>, <c>date</c> (either of the two), <c>any</c>, each with a pattern if not all values are good; an array with
    /// the type of its items, or several of which an element has one; an object with those of its members, a required one ending in <c>!</c>.
    /// </summary>
    /// <exception cref="MalformedDataException"><c>mdoc.data_model</c>: not of that form; <c>json.member</c>.</exception>
    /// <exception cref="ArgumentException">A pattern is no regular expression.</exception>
    public static MdocDataModel Parse(JsonElement file) => new(file);

    /// <summary>The model of a document type; null if there is none here.</summary>
    public static MdocDataModel? Find(string docType) => s_known.GetValueOrDefault(docType);

    /// <summary>
    /// The type of a data element; null if the model does not name it. In a model a trailing <c>NN</c> stands for two digits and a
    /// trailing <c>*</c> for any ending.
    /// </summary>
    internal ElementType? TypeOf(string nameSpace, string element)
    {
        if (!_elements.TryGetValue(nameSpace, out var elements)) return null;
        foreach (var (name, type) in elements)
            if (Names(name, element)) return type;
        return null;
    }

    /// <summary>True if the standard has the namespace to itself, and has no such data element in it.</summary>
    public bool Forbids(string nameSpace, string element) => _elements.ContainsKey(nameSpace) && TypeOf(nameSpace, element) is null;

    private static bool Names(ReadOnlySpan<char> name, ReadOnlySpan<char> element) =>
        name.EndsWith("NN") ? element.Length == name.Length && element.StartsWith(name[..^2]) && element[^2..].IndexOfAnyExceptInRange('0', '9') < 0
        : name[^1] == '*' ? element.Length >= name.Length && element.StartsWith(name[..^1])
        : name.SequenceEqual(element);

    private static FrozenDictionary<string, MdocDataModel> LoadAll()
    {
        var assembly = typeof(MdocDataModel).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.Contains(".Mdoc.DataModels.", StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return new MdocDataModel(StrictJson.ParseObject(bytes));
        }).ToFrozenDictionary(model => model.DocType, StringComparer.Ordinal);
    }
}
