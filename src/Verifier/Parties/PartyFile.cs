using System.Text.Json;
using Credentials.Codecs;
using Credentials.Verifier.Http;

namespace Credentials.Verifier.Parties;

/// <summary>
/// The operator's list of relying parties, one JSON file: <c>{"parties": [{"id", "name", …}]}</c>. Paths in it start at its own folder. A fault
/// keeps the service from starting and is named with file and field.
/// </summary>
internal static class PartyFile
{
    private const string Code = VerifierCodes.PartyMalformed;
    private const int MaxBytes = 1 << 20;
    private const int MaxParties = 500;
    private const int MaxId = 64;

    private static readonly string[] s_members =
    [
        "id", "name", "public_url", "access_certificate", "access_key", "attestation", "verifier_info",
        "policies", "policy_folder", "own_queries", "allow_unsigned_queries",
    ];

    /// <exception cref="VerifierStartException">The file cannot be read, or a field of it cannot be what it says.</exception>
    public static IReadOnlyList<PartyEntry> Read(string path)
    {
        JsonElement json;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new VerifierStartException($"the parties file {path} is larger than 1 MiB");
            json = StrictJson.ParseObject(File.ReadAllBytes(path), JsonLimits.Default, Code);
        }
        catch (Exception e) when (e is CredentialException or IOException or UnauthorizedAccessException)
        {
            throw new VerifierStartException($"the parties file {path} cannot be read as JSON: {e.Message}", e);
        }
        var list = json.Member("parties") is { ValueKind: JsonValueKind.Array } array && json.EnumerateObject().Count() == 1
            ? array
            : throw new VerifierStartException($"{path}: an object with the one member parties, a list, is needed");
        if (list.GetArrayLength() > MaxParties)
            throw new VerifierStartException($"{path}: parties has more than {MaxParties} entries");
        var entries = new List<PartyEntry>();
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            var entry = new Reader(path, $"parties[{index}]", element).Read();
            if (entries.Any(other => string.Equals(other.Id, entry.Id, StringComparison.OrdinalIgnoreCase)))
                throw new VerifierStartException($"{path}: parties[{index}].id: {entry.Id} is there twice");
            entries.Add(entry);
        }
        return entries;
    }

    /// <summary>The refusal of a field for what is found out only when it is used.</summary>
    public static VerifierStartException Refuse(string path, string id, string field, string why, Exception? inner = null) =>
        new($"{path}: party {id}: {field}: {why}", inner);

    /// <summary>Reads one entry and names each field by its place.</summary>
    private sealed class Reader(string path, string place, JsonElement json)
    {
        public PartyEntry Read()
        {
            if (json.ValueKind != JsonValueKind.Object)
                throw Fault("", "must be an object");
            if (json.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !s_members.Contains(name)) is { } unknown)
                throw Fault(unknown, "is not known here");
            var id = Text("id");
            if (id is null || id.Length > MaxId || id[0] == '.' || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                throw Fault("id", $"must be 1 to {MaxId} letters, digits, dots, hyphens and underscores, and not begin with a dot");
            var name = Text("name");
            if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
                throw Fault("name", "must have 1 to 200 characters");
            var entry = new PartyEntry
            {
                Id = id,
                Name = name,
                PublicUrl = Text("public_url"),
                AccessCertificate = ExistingFile("access_certificate"),
                AccessKey = ExistingFile("access_key"),
                AttestationFile = ExistingFile("attestation"),
                VerifierInfoFile = ExistingFile("verifier_info"),
                Policies = Texts("policies"),
                PolicyFolder = FullPath("policy_folder"),
                OwnQueries = Flag("own_queries") ?? true,
                AllowUnsignedQueries = Flag("allow_unsigned_queries"),
            };
            if (entry.PublicUrl is { } url && !OptionsCheck.IsPublicUrl(url))
                throw Fault("public_url", "must be https (http on loopback only), without query, fragment, user or trailing slash");
            if (entry.AccessCertificate is null != entry.AccessKey is null)
                throw Fault(entry.AccessKey is null ? "access_key" : "access_certificate", "is missing: certificate and key go together");
            if (entry.PolicyFolder is { } folder && !Directory.Exists(folder))
                throw Fault("policy_folder", $"{folder} does not exist");
            return entry;
        }

        private VerifierStartException Fault(string field, string why) => new($"{path}: {place}{(field == "" ? "" : ".")}{field}: {why}");

        private string? FullPath(string field) => Text(field) is { Length: > 0 } text ? Path.GetFullPath(text, Path.GetDirectoryName(Path.GetFullPath(path))!) : null;

        private string? ExistingFile(string field) => FullPath(field) is not { } file ? null
            : File.Exists(file) ? file
            : throw Fault(field, $"{file} does not exist");

        private string? Text(string field) => json.Member(field) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 } value => value,
            _ => throw Fault(field, "must be a text that is not empty"),
        };

        private IReadOnlyList<string>? Texts(string field) => json.Member(field) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Array } array when array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
                [.. array.EnumerateArray().Select(item => item.GetString()!)],
            _ => throw Fault(field, "must be a list of texts"),
        };

        private bool? Flag(string field) => json.Member(field) switch
        {
            null => null,
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,
            _ => throw Fault(field, "must be true or false"),
        };
    }
}
