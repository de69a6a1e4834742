using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Credentials.Tests.Shared;

namespace Credentials.Wallet.Core.Tests;

/// <summary>
/// What apps compile against, as a page that a change must change too: spec/wallet-api.md. CREDENTIALS_UPDATE_SPEC=1 writes it anew.
/// </summary>
public class PublicApiTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler adds to each record.
    private static readonly HashSet<string> s_ofRecords =
        new(["Equals", "GetHashCode", "ToString", "Deconstruct", "<Clone>$", "op_Equality", "op_Inequality"], StringComparer.Ordinal);

    [Fact]
    public async Task The_public_api_is_the_one_that_is_written_down()
    {
        var page = new StringBuilder("""
            # Public API of Credentials.Wallet.Core

            Made from the assembly by a test; do not edit. A line that goes away or changes breaks apps: it needs a word in CHANGELOG.md.

            ```text

            """);
        foreach (var type in typeof(CredentialWallet).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            page.Append(type.FullName).Append(Bases(type)).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal)) page.Append("  ").Append(line).Append('\n');
        }
        page.Append("```\n");

        var path = RepositoryRoot.Combine("spec", "wallet-api.md");
        if (Environment.GetEnvironmentVariable("CREDENTIALS_UPDATE_SPEC") == "1") await File.WriteAllTextAsync(path, page.ToString(), TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), page.ToString());
    }

    private static string Bases(Type type)
    {
        var bases = type.GetInterfaces().Where(one => !one.IsGenericType && !type.IsEnum).Select(Name);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(Enum)) bases = bases.Prepend(Name(parent));
        var text = string.Join(", ", bases);
        return text.Length == 0 ? "" : " : " + text;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type)) yield return $"{name} = {Convert.ToInt32(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}";
            yield break;
        }
        foreach (var constructor in type.GetConstructors()) yield return $"new({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared)) yield return $"{field.Name}: {Name(field.FieldType)}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}";
        foreach (var property in type.GetProperties(Declared))
        {
            var setter = property.SetMethod is not { IsPublic: true } set ? "get"
                : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "get, init" : "get, set";
            yield return $"{property.Name}: {Name(property.PropertyType)} ({setter})";
        }
        foreach (var method in type.GetMethods(Declared))
        {
            if (!method.IsSpecialName && !s_ofRecords.Contains(method.Name)) yield return $"{method.Name}({Parameters(method)}): {Name(method.ReturnType)}";
        }
    }

    private static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? "?" : "")}"));

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
