namespace Credentials.Issuer;

/// <summary>What the High Assurance Interoperability Profile 1.0 demands of the settings (§4). The rest of it holds for every issuer here.</summary>
internal static class HaipRules
{
    internal static void Check(IssuerOptions o, List<string> wrong)
    {
        void Demand(bool kept, string message)
        {
            if (!kept)
                wrong.Add($"Profile Haip: {message}");
        }

        Demand(o.RequireDpop, "RequireDpop must be on (HAIP §4).");
        Demand(o.RequireWalletAttestation, "RequireWalletAttestation must be on (HAIP §4.4.1).");
        Demand(o.SingleUseNonces, "SingleUseNonces must be on.");
        Demand(o.CheckAttestationStatus, "CheckAttestationStatus must be on.");
    }
}
