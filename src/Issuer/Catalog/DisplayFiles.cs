namespace Credentials.Issuer.Catalog;

/// <summary>The pictures of a type in one language.</summary>
/// <param name="Logo">Its logo; null: it has none.</param>
/// <param name="Background">What stands behind the card; null likewise.</param>
internal sealed record DisplayFiles(LogoFile? Logo, LogoFile? Background);
