using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClientFailover.Client;

/// <summary>Says what an adapter is made of: at least one component, and an egress.</summary>
public sealed class FailoverAdapterBuilder
{
    internal FailoverAdapterBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a component.</summary>
    /// <typeparam name="T">Its type; what its constructor asks for comes from the services.</typeparam>
    /// <returns>The same builder.</returns>
    public FailoverAdapterBuilder AddComponent<T>()
        where T : class, IAdapterComponent
    {
        Services.AddSingleton<IAdapterComponent, T>();
        return this;
    }

    /// <summary>Adds a component.</summary>
    /// <param name="factory">Makes it.</param>
    /// <returns>The same builder.</returns>
    public FailoverAdapterBuilder AddComponent(Func<IServiceProvider, IAdapterComponent> factory)
    {
        Services.AddSingleton(factory);
        return this;
    }

    /// <summary>Says where data goes. A second call replaces the first.</summary>
    /// <typeparam name="T">Type of the egress; what its constructor asks for comes from the services.</typeparam>
    /// <returns>The same builder.</returns>
    public FailoverAdapterBuilder UseEgress<T>()
        where T : class, IEgress
    {
        Services.Replace(ServiceDescriptor.Singleton<IEgress, T>());
        return this;
    }

    /// <summary>Says where data goes. A second call replaces the first.</summary>
    /// <param name="factory">Makes the egress.</param>
    /// <returns>The same builder.</returns>
    public FailoverAdapterBuilder UseEgress(Func<IServiceProvider, IEgress> factory)
    {
        Services.Replace(ServiceDescriptor.Singleton(factory));
        return this;
    }
}
