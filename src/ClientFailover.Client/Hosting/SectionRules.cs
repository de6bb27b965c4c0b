using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for telling what of a section cannot be read, beside all other mistakes.</summary>
/// <param name="section">The section.</param>
internal sealed class SectionRules(IConfiguration section) : IValidateOptions<FailoverOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, FailoverOptions options)
    {
        var mistakes = FailoverOptionsReader.Read(section, new FailoverOptions());
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
