using System.Reflection;

namespace Credentials.Tests;

public class ArchitectureTests
{
    [Fact]
    public void The_core_references_no_web_framework_and_no_database()
    {
        var references = Assembly.Load("Credentials").GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(references, name =>
            name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
            || name.StartsWith("Credentials.", StringComparison.Ordinal));
    }
}
