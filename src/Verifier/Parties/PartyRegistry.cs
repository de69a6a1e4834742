using Credentials.Verifier.Http;
using Credentials.Verifier.Policies;
using Credentials.Verifier.Storage;
using Credentials.Verifier.Trust;

namespace Credentials.Verifier.Parties;

/// <summary>
/// The relying parties of this service: those of the operator's file, and the service itself for all others. Where there is a file, a party that
/// is neither in it nor the service's own is locked out, so that taking an entry out does not let its keys ask in the service's name.
/// </summary>
internal sealed class PartyRegistry
{
    /// <summary>The service's own party, whatever it is called.</summary>
    private const string DefaultId = "default";

    private readonly Dictionary<string, Party> _listed = new(StringComparer.Ordinal);
    private readonly VerifierHostOptions _options;

    public PartyRegistry(VerifierHostOptions options, Party own, IEnumerable<Party> listed)
    {
        _options = options;
        Own = own;
        foreach (var party in listed)
            _listed.Add(party.Id, party);
    }

    /// <summary>The service as its options describe it.</summary>
    public Party Own { get; }

    /// <summary>Those of the file.</summary>
    public IReadOnlyCollection<Party> Listed => _listed.Values;

    /// <summary>Whether one service speaks for several.</summary>
    public bool HasSeveral => _listed.Count > 0;

    /// <summary>The party; null where it is locked out.</summary>
    public Party? Find(string id) =>
        _listed.TryGetValue(id, out var party) ? party
        : _options.PartiesFile is null || id == Own.Id || id == DefaultId ? Own with { Id = id }
        : null;

    /// <summary>The party of a transaction.</summary>
    /// <exception cref="ProtocolException">410: it is locked out, and with it what it has asked.</exception>
    public Party Of(TransactionRow row) => Find(row.RelyingParty) ?? throw RequestRefusal.Ended();

    /// <exception cref="VerifierStartException">The file, or what a party of it needs, cannot be used.</exception>
    public static PartyRegistry Load(VerifierHostOptions options, ServiceUrl url)
    {
        var keys = Path.Combine(options.DataFolder, "keys");
        var now = options.Time.GetUtcNow();
        var host = Host(options.PublicUrl);
        var policies = PolicyCatalog.Load(options.PolicyFolder);
        var own = new Party
        {
            Id = options.RelyingParty,
            Name = options.Name,
            Identities = new VerifierIdentities(AccessIdentity.LoadOrCreate(keys, keys, options.Name, options.Name, host, now), url, "", options.AttestationFile, options.VerifierInfoFile),
            Url = url,
            Policies = policies,
            AllowUnsignedQueries = options.AllowUnsignedQueries,
        };
        if (options.PartiesFile is not { } file)
            return new PartyRegistry(options, own, []);
        var entries = PartyFile.Read(file);
        if (entries.FirstOrDefault(entry => string.Equals(entry.Id, DefaultId, StringComparison.OrdinalIgnoreCase)) is { } taken)
            throw PartyFile.Refuse(file, taken.Id, "id", "is the service's own relying party, which the service's options describe");
        // Named in the options, a party of the file is given a key and is no other one's name.
        if (entries.Any(entry => entry.Id == options.RelyingParty))
            own = own with { Id = DefaultId };
        return new PartyRegistry(options, own, [.. entries.Select(entry => Make(entry, options, url, policies))]);
    }

    private static Party Make(PartyEntry entry, VerifierHostOptions options, ServiceUrl url, PolicyCatalog policies)
    {
        var keys = Path.Combine(options.DataFolder, "keys");
        var now = options.Time.GetUtcNow();
        var address = entry.PublicUrl is { } at ? new ServiceUrl { Base = at } : url;
        var access = Try("access_certificate", () => entry.AccessCertificate is { } certificate
            ? AccessIdentity.Load(certificate, entry.AccessKey!, now)
            : AccessIdentity.LoadOrCreate(keys, Path.Combine(keys, "parties", entry.Id), options.Name, entry.Name, Host(entry.PublicUrl ?? options.PublicUrl), now));
        return new Party
        {
            Id = entry.Id,
            Name = entry.Name,
            Identities = Try("attestation or verifier_info", () => new VerifierIdentities(
                access, address, entry.PublicUrl is null ? $"/parties/{entry.Id}" : "", entry.AttestationFile, entry.VerifierInfoFile)),
            Url = address,
            Policies = Try("policies", () => policies.For(entry.Policies, entry.PolicyFolder)),
            OwnQueries = entry.OwnQueries,
            AllowUnsignedQueries = entry.AllowUnsignedQueries ?? options.AllowUnsignedQueries,
        };

        T Try<T>(string field, Func<T> make)
        {
            try
            {
                return make();
            }
            catch (VerifierStartException e)
            {
                throw PartyFile.Refuse(options.PartiesFile!, entry.Id, field, e.Message, e);
            }
        }
    }

    private static string Host(string? publicUrl) => new Uri(publicUrl ?? "http://localhost").Host;
}
