using Credentials.Fuzz.Tests.Targets;

namespace Credentials.Fuzz.Tests;

/// <summary>Every parser that something from outside reaches.</summary>
internal static class FuzzTargets
{
    private static readonly Func<FuzzTarget>[] s_all =
    [
        () => new JsonTarget(), () => new Base64UrlTarget(), () => new JwsTarget(), () => new JweTarget(), () => new JwkTarget(), () => new SdJwtTarget(), () => new TypeMetadataTarget(),
        () => new CborTarget(), () => new CoseTarget(), () => new IssuerSignedTarget(), () => new DeviceResponseTarget(), () => new StatusTarget(), () => new CertificateTarget(),
        () => new DcqlTarget(), () => new LinkTarget(), () => new HcertTarget(), () => new DataIntegrityTarget(),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(create => create().Name)];

    /// <summary>A new one of this name; null if there is none.</summary>
    public static FuzzTarget? Find(string name) => s_all.Select(create => create()).FirstOrDefault(target => target.Name == name);
}
