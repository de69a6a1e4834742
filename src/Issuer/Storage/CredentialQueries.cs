using Credentials.StatusLists;

namespace Credentials.Issuer.Storage;

/// <summary>What is asked of the register in more than one place.</summary>
internal static class CredentialQueries
{
    /// <summary>Those with this status. That it is another than valid is said in so many words, or the database does not see that its index of these has them all.</summary>
    internal static IQueryable<IssuedCredential> WithStatus(this IQueryable<IssuedCredential> rows, int status) => status == StatusTypes.Valid
        ? rows.Where(c => c.Status == StatusTypes.Valid)
        : rows.Where(c => c.Status == status && c.Status != StatusTypes.Valid);
}
