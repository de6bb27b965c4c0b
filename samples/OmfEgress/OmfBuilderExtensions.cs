using ClientFailover.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Samples.Omf;

/// <summary>Lets an adapter send its data to an OMF endpoint.</summary>
public static class OmfBuilderExtensions
{
    /// <summary>Data goes to the OMF endpoint of a section.</summary>
    /// <param name="builder">The adapter.</param>
    /// <param name="section">The section: <see cref="OmfOptions"/>.</param>
    /// <returns>The same builder.</returns>
    public static FailoverAdapterBuilder UseOmf(this FailoverAdapterBuilder builder, IConfiguration section)
    {
        builder.Services.AddSingleton(section.Get<OmfOptions>() ?? new OmfOptions());
        return builder.UseEgress<OmfEgress>();
    }
}
