using Credentials.Issuer.Http;

namespace Credentials.Issuer.Catalog;

/// <summary>The credential types this issuer offers: the shipped ones and those of the operator's folder.</summary>
internal sealed class CredentialCatalog
{
    private readonly Dictionary<string, CredentialType> _types;

    private CredentialCatalog(Dictionary<string, CredentialType> types) => _types = types;

    /// <summary>In the order of their ids.</summary>
    public IEnumerable<CredentialType> Types => _types.Values.OrderBy(type => type.Id, StringComparer.Ordinal);

    public CredentialType? Find(string id) => _types.GetValueOrDefault(id);

    /// <summary>Loads the shipped types and every <c>*.json</c> of the folder.</summary>
    /// <exception cref="IssuerStartException">A file is not a credential type, or an id or type comes twice; the message names the file and, inside it, the line.</exception>
    public static CredentialCatalog Load(string? folder)
    {
        var assembly = typeof(CredentialCatalog).Assembly;
        var types = new Dictionary<string, CredentialType>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Catalog/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            Add(types, name, bytes.ToArray(), isShipped: true);
        }

        if (folder is not null)
        {
            if (!Directory.Exists(folder))
                throw new IssuerStartException($"The catalog folder {folder} does not exist.");
            foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
                Add(types, file, File.ReadAllBytes(file), isShipped: false);
        }

        return new CredentialCatalog(types);
    }

    private static void Add(Dictionary<string, CredentialType> types, string source, byte[] bytes, bool isShipped)
    {
        CredentialType type;
        try
        {
            type = CatalogFile.Parse(bytes, Path.GetDirectoryName(Path.GetFullPath(source))!) with { IsShipped = isShipped };
        }
        catch (CredentialException e)
        {
            throw new IssuerStartException($"Catalog file {source}: {e.Message}");
        }

        if (types.Values.Any(other => other.Format == type.Format && other.Type == type.Type) || !types.TryAdd(type.Id, type))
            throw new IssuerStartException($"Catalog file {source}: id '{type.Id}' or type '{type.Type}' comes twice.");
        // Both name members of an offer's claims.
        if (types.Values.Any(one => types.Values.Any(other => other.Dataset == one.Id)))
            throw new IssuerStartException($"Catalog file {source}: a dataset has the name of a configuration.");
    }
}
