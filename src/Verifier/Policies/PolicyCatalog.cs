namespace Credentials.Verifier.Policies;

/// <summary>The shipped policies and the operator's own, all read and checked at start. An own one may replace a shipped one.</summary>
internal sealed class PolicyCatalog
{
    private const int MaxBytes = 256 * 1024;
    private readonly Dictionary<string, Policy> _policies = new(StringComparer.Ordinal);

    public static PolicyCatalog Load(string? folder)
    {
        var catalog = new PolicyCatalog();
        var assembly = typeof(PolicyCatalog).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith("policy/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            var shipped = Policy.Parse(content.ToArray());
            catalog._policies.Add(shipped.Name, shipped);
        }
        if (folder is not null)
            catalog.AddOwn(folder);
        return catalog;
    }

    /// <summary>The policies of one relying party.</summary>
    /// <param name="names">Those of this catalogue that it may use; null: all.</param>
    /// <param name="folder">A folder of its own; null: it has none.</param>
    /// <exception cref="VerifierStartException">There is no such policy, or a file is not usable.</exception>
    public PolicyCatalog For(IReadOnlyList<string>? names, string? folder)
    {
        var catalog = new PolicyCatalog();
        foreach (var name in names ?? [.. _policies.Keys])
            catalog._policies[name] = Find(name) ?? throw new VerifierStartException($"there is no policy {name}");
        if (folder is not null)
            catalog.AddOwn(folder);
        return catalog;
    }

    public Policy? Find(string name) => _policies.GetValueOrDefault(name);

    /// <summary>All policies, by name.</summary>
    public IEnumerable<Policy> All => _policies.Values.OrderBy(p => p.Name, StringComparer.Ordinal);

    private void AddOwn(string folder)
    {
        var own = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            try
            {
                if (new FileInfo(file).Length > MaxBytes)
                    throw new VerifierStartException($"the policy file {file} is larger than 256 KiB");
                var policy = Policy.Parse(File.ReadAllBytes(file));
                if (!own.Add(policy.Name))
                    throw new VerifierStartException($"the policy file {file} repeats the name {policy.Name}");
                _policies[policy.Name] = policy;
            }
            catch (CredentialException e)
            {
                throw new VerifierStartException($"the policy file {file} is not usable: {e.Message}", e);
            }
        }
    }
}
